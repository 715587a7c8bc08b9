package io.sightmill.llava;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.tuple.Pair;

/**
 * {@code {% for x in list if condition %}} of Jinja, which the library reads as a list that is
 * there or not. Thread-safe.
 */
final class JinjaFor extends ForTag {

    private static final long serialVersionUID = 1L;

    /** A condition is the last "if" that no "else" follows. */
    private static final Pattern CONDITION =
            Pattern.compile("^(.*)\\sif\\s((?:(?!\\selse\\s).)*)$", Pattern.DOTALL);

    @Override
    public String interpretUnchecked(TagNode node, JinjavaInterpreter interpreter) {
        Pair<List<String>, String> parts = getLoopVarsAndExpression((TagToken) node.getMaster());
        Matcher condition = CONDITION.matcher(parts.getRight());
        if (!condition.matches()) {
            return super.interpretUnchecked(node, interpreter);
        }
        if (parts.getLeft().size() != 1) {
            throw new JinjaInterpreter.Stop(
                    "a {% for %} over several variables with a condition is not supported");
        }
        Object all = interpreter.resolveELExpression(condition.group(1), node.getLineNumber());
        List<Object> kept = new ArrayList<>();
        ForLoop each = ObjectIterator.getLoop(all);
        interpreter.enterScope();
        try {
            while (each.hasNext()) {
                Object value = interpreter.wrap(each.next());
                interpreter.getContext().put(parts.getLeft().get(0), value);
                Object holds =
                        interpreter.resolveELExpression(condition.group(2), node.getLineNumber());
                if (ObjectTruthValue.evaluate(holds)) {
                    kept.add(value);
                }
            }
        } finally {
            interpreter.leaveScope();
        }
        return renderForCollection(node, interpreter, parts.getLeft(), new PyList(kept));
    }
}
