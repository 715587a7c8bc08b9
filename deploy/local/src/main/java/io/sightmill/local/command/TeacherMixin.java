package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.instruct.ComposingTeacher;
import io.sightmill.tuning.instruct.Skill;
import io.sightmill.tuning.instruct.Teacher;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which teacher makes instruction data. */
final class TeacherMixin {

    @Option(
            names = "--exchanges",
            paramLabel = "N",
            description = "Most questions of a conversation; default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int exchanges;

    @Option(
            names = "--emphasis",
            paramLabel = "SKILL",
            split = ",",
            description =
                    "Skills that the built-in teacher's conversations ask for three times as often as"
                            + " for others, for a model that is behind in them; of"
                            + " ${COMPLETION-CANDIDATES}, separated by commas.")
    private Set<Skill> emphasis = EnumSet.noneOf(Skill.class);

    @ArgGroup(exclusive = false, heading = "A chat model as teacher:%n")
    private ChatTeacherGroup chat;

    int concurrency() {
        return chat == null ? 1 : chat.concurrency();
    }

    /**
     * @throws IllegalArgumentException naming the option or the variable that is wrong
     */
    Teacher teacher() {
        if (chat == null) {
            return new ComposingTeacher(exchanges, emphasis);
        }
        if (!emphasis.isEmpty()) {
            throw new IllegalArgumentException(
                    "--emphasis is for the built-in teacher; a chat model chooses its questions");
        }
        return chat.teacher(exchanges);
    }

    /** Empty where no price was given. */
    Optional<TeacherPrices> prices() {
        return chat == null ? Optional.empty() : chat.prices();
    }

    /** What the samples depend on. Not the address: a server may move. */
    ObjectNode description() {
        ObjectNode description = JsonNodeFactory.instance.objectNode();
        if (chat == null) {
            description.put("teacher", "built-in");
            if (!emphasis.isEmpty()) {
                // In the order of the enumeration, in whatever order they were given.
                description.put("emphasis", EnumSet.copyOf(emphasis).toString());
            }
        } else {
            description
                    .put("teacher", "chat")
                    .put("model", chat.model())
                    .put("temperature", chat.temperature());
        }
        return description.put("exchanges", exchanges);
    }
}
