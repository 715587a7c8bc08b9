package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.instruct.ComposingTeacher;
import io.sightmill.tuning.instruct.Teacher;
import picocli.CommandLine.Option;

/** Which teacher makes instruction data. */
final class TeacherMixin {

    @Option(
            names = "--exchanges",
            paramLabel = "N",
            description = "Most questions of a conversation; default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int exchanges;

    int concurrency() {
        return 1;
    }

    Teacher teacher() {
        return new ComposingTeacher(exchanges);
    }

    ObjectNode description() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("teacher", "built-in")
                .put("exchanges", exchanges);
    }
}
