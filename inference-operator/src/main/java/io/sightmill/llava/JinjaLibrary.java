package io.sightmill.llava;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.AutoCloseableSupplier.AutoCloseableImpl;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Jinja library, set up to render chat templates as Hugging Face does and cut down to what
 * those need: no file, no Java object, no unbounded work. Thread-safe.
 */
final class JinjaLibrary {

    /** The function that gives the time. */
    static final String NOW = "strftime_now";

    private static final int MOST_OUTPUT = 8 * 1024 * 1024;
    private static final int MOST_ELEMENTS = 10_000;

    private static final Set<String> TAGS =
            Set.of("if", "else", "elif", "for", "set", "do", "macro", "break", "continue");
    static final Set<String> FILTERS =
            Set.of(
                    "trim",
                    "tojson",
                    "upper",
                    "lower",
                    "capitalize",
                    "title",
                    "length",
                    "count",
                    "first",
                    "last",
                    "list",
                    "string",
                    "int",
                    "join",
                    "replace",
                    "default",
                    "d",
                    "reverse",
                    "map",
                    "select",
                    "selectattr",
                    "reject",
                    "rejectattr",
                    "safe");
    private static final Set<String> FUNCTIONS = Set.of(":namespace", ":range");

    private static final JinjaLibrary SHARED = new JinjaLibrary();

    private final Jinjava jinjava;

    /**
     * What templates may use, each thread's own: a copy takes ten times as long to make as most
     * prompts take to render. A rendering keeps its variables, macros and blocks in a context below
     * it; what it leaves up here are names of the template's, which no output depends on.
     */
    private final ThreadLocal<Context> library;

    private JinjaLibrary() {
        Jinjava all = new Jinjava();
        Context global = all.getGlobalContext();
        JinjavaConfig config =
                JinjavaConfig.newBuilder()
                        .withDisabled(
                                Map.of(
                                        Library.TAG, others(global.getAllTags(), TAGS),
                                        Library.FILTER, others(global.getAllFilters(), FILTERS),
                                        Library.FUNCTION,
                                                others(global.getAllFunctions(), FUNCTIONS)))
                        .withElResolver(new PythonResolver())
                        .withInterperterFactory(new JinjaInterpreter.Factory())
                        .withNestedInterpretationEnabled(false)
                        .withMaxOutputSize(MOST_OUTPUT)
                        .withMaxStringLength(MOST_OUTPUT)
                        .withMaxListSize(MOST_ELEMENTS)
                        .withMaxMapSize(MOST_ELEMENTS)
                        .withObjectMapper(JinjaFunctions.pythonJson())
                        .withLegacyOverrides(
                                LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                                        .withKeepNullableLoopValues(true)
                                        .withAllowAdjacentTextNodes(true)
                                        .withUsePyishObjectMapper(false)
                                        .build())
                        .build();
        jinjava = new Jinjava(config);
        library = ThreadLocal.withInitial(jinjava::getGlobalContextCopy);
        jinjava.registerTag(new JinjaFor());
        jinjava.registerFilter(new JinjaFunctions.Trim());
        function("raise_exception", "raise", String.class);
        function(NOW, "now", String.class);
        function("range", "range", long.class, Object[].class);
        loadClasses();
    }

    /** Their loading should not count as the work of the first template that is rendered. */
    private void loadClasses() {
        try {
            render(
                    "{% for x in range(1) %}{% if x is defined and not (x > 0) %}"
                            + "{% set y = ' a' ~ x %}{{ [y.strip() | trim][0] + 'b' }}"
                            + "{% endif %}{% endfor %}",
                    Map.of());
        } catch (JinjaException tooSlow) {
            // They are loaded all the same.
        }
    }

    static JinjaLibrary shared() {
        return SHARED;
    }

    /**
     * Renders a prepared text.
     *
     * @throws JinjaException if the template is broken, takes too long or refuses its input
     */
    String render(String prepared, Map<String, Object> variables) {
        Context context =
                new Context(
                        library.get(),
                        new HashMap<>(variables),
                        jinjava.getGlobalConfig().getDisabled());
        JinjavaInterpreter interpreter =
                jinjava.getGlobalConfig()
                        .getInterpreterFactory()
                        .newInstance(jinjava, context, jinjava.getGlobalConfig());
        try (AutoCloseableImpl<JinjavaInterpreter> current =
                JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
            return current.value().render(prepared);
        } catch (JinjaInterpreter.Stop | RuntimeException failure) {
            throw new JinjaException(String.valueOf(failure.getMessage()), failure);
        } catch (StackOverflowError failure) {
            throw new JinjaException("it is nested too deeply", failure);
        }
    }

    private static Set<String> others(Collection<? extends Importable> all, Set<String> wanted) {
        return all.stream()
                .map(Importable::getName)
                .filter(name -> !wanted.contains(name))
                .filter(name -> !name.startsWith("end"))
                .collect(Collectors.toSet());
    }

    private void function(String name, String method, Class<?>... parameters) {
        jinjava.registerFunction(
                new ELFunctionDefinition("", name, JinjaFunctions.class, method, parameters));
    }
}
