package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.LlavaModel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every published benchmark. */
final class BenchmarkMixin {

    @Parameters(
            paramLabel = "ANSWERS",
            arity = "0..1",
            description =
                    "Answers file, one JSON object a line with question_id, prompt and text. With"
                            + " --model it is written, or goes on where an interrupted run stopped;"
                            + " without, it is scored as it is.")
    private Path answers;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory to ask; default none: ANSWERS is there.")
    private Path model;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Folder of the questions' pictures; needed with --model.")
    private Path images;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Most tokens of an answer; default what the authors ask for.")
    private Integer maxNewTokens;

    @Option(
            names = "--skip-bad",
            description =
                    "Report bad lines, missing or broken pictures and questions without an answer,"
                            + " and leave them out; default report them and give no score.")
    private boolean skipsBad;

    @Option(names = "--json", description = "One JSON object instead of the table.")
    private boolean json;

    @Mixin private ModelMixin asked;

    Optional<Path> answers() {
        return Optional.ofNullable(answers);
    }

    Optional<Path> model() {
        return Optional.ofNullable(model);
    }

    Optional<Path> images() {
        return Optional.ofNullable(images);
    }

    int maxNewTokens(int otherwise) {
        return maxNewTokens == null ? otherwise : maxNewTokens;
    }

    boolean skipsBad() {
        return skipsBad;
    }

    boolean json() {
        return json;
    }

    LlavaModel load() {
        try (LoadingBar bar = json ? LoadingBar.hidden() : LoadingBar.onTerminal()) {
            return asked.open(model, bar);
        }
    }

    /** What the answers of a model depend on, besides the questions. */
    ObjectNode description(LlavaModel loaded, int tokens) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model", loaded.description().name())
                .put("weightsSha256", loaded.description().weightsSha256())
                .put("precision", asked.precision().name())
                .put("template", asked.template().orElse("the checkpoint's own"))
                .put("maxNewTokens", tokens);
    }
}
