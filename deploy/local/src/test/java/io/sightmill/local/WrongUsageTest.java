package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong command line says what is wrong in one line and ends 2; what cannot be done ends 1. */
class WrongUsageTest {

    @TempDir private Path directory;

    private record Ended(int exitCode, String errors) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|say which command",
                "paint|'paint'",
                "caption|PATH",
                "caption x --colour red|--colour",
                "caption x --max-new-tokens many|'many' is not an int",
                "ask x y --max-tokens 0|maxNewTokens is 0 and must be at least 1",
                "ask x y --min-tokens -1|minNewTokens is -1 and must be at least 0",
                "ask x y --max-tokens 4 --min-tokens 5|minNewTokens is 5",
                "ask x y --temperature -1|temperature is -1.0 and must be 0 or more",
                "ask x y --temperature warm|'warm' is not a double",
                "ask x y --top-p 0|topP is 0.0 and must be above 0 and at most 1",
                "ask x y --top-k -1|topK is -1 and must be 0 or more",
                "ask x y --seed many|'many' is not a long",
                "ask x y --repetition-penalty 0|repetitionPenalty is 0.0 and must be above 0",
                "ask x y --logit-bias 7|--logit-bias",
                "ask x y --logit-bias cat=1|'cat' is not an int",
                "ask x y --logit-bias -7=1|--logit-bias is {-7=1.0}",
                "ask x y --logit-bias 7=NaN|logitBias is {7=NaN} and must be finite",
                "ask x y --log-probabilities 21|logProbabilities is 21 and must be from -1 to 20",
                "ask x y --label cat|--label needs two or more of them",
                "ask x y --label cat --label cat|--label has one of them twice",
                "ask x y --deadline soon|cannot convert 'soon'",
                "ask x y --deadline PT0S|--deadline is PT0S and must be at least a millisecond",
                "caption x --label cat --label dog|--label needs --instruction",
                "caption x --top-k -1|topK is -1",
                "caption x --max-new-tokens 0|must be at least 1",
                "caption x --precision float8|float8",
                "ask x|QUESTION",
                "verify-model x|--case",
                "make-checkpoint x|--shape",
                "make-checkpoint --shape huge x|there is no shape 'huge'; the shapes are tiny",
                "make-checkpoint --shape tiny --dtype int4 x|--dtype is 'int4' and must be one of",
                "make-checkpoint --shape tiny --family v3 x|--family is 'v3' and must be one of v1",
                "make-checkpoint --shape tiny --text gpt x|--text is 'gpt'",
                "make-checkpoint --shape tiny --seed many x|'many' is not a long",
                "make-checkpoint --shape tiny --shard-bytes 0 x|shardBytes is 0",
                "make-checkpoint --shape tiny-v1 --layout hugging-face x|layout is hugging-face",
                "bench|say which command",
                "bench precision --positions 0|positions is 0",
                "bench load --precision float8|float8",
                "bench engine --only speed|there is no part 'speed'; the parts are roofline",
                "bench engine --seconds 0|--seconds is 0 and must be at least 1",
                "bench engine --chart nowhere/chart.png|which is in no directory",
                "chaos --requests 0|requests is 0 and must be at least 1",
                "chaos --task-managers 1 --parallelism 2|taskManagers times slots is 1",
                "chaos --broker-kills -1|broker killed is -1 and must be at least 0",
                "chaos --model nowhere|--model is nowhere, which is no directory",
                "chaos --work .|--work is ., which exists already",
                "tune evaluate --scenes 0|scenes is 0",
                "tune evaluate pope --labels x|--questions",
                "tune evaluate llava-bench x|name either --questions to answer, or --reviews",
                "tune evaluate llava-bench --reviews x y|--reviews are scored alone",
                "tune evaluate textvqa --annotations x|name an ANSWERS file",
                "tune evaluate textvqa --annotations x --model nowhere --images . y|--model is nowhere",
                "tune instruct x --concurrency 3|--teacher-model",
                "topics|say which command",
                "topics tail songs|there is no topic 'songs'",
                "transactions|say which command",
                "transactions list --prefix a|--bootstrap-servers",
                "transactions abort --bootstrap-servers a:1|--prefix",
                "transactions list --bootstrap-servers nowhere --prefix a|--bootstrap-servers is"
            })
    void aWrongCommandLineIsOneLineAndEnds2(String commandLine, String problem) {
        String[] words = commandLine == null ? new String[0] : commandLine.split(" ");

        Ended ended = execute(words);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors().strip().lines()).hasSize(1);
        assertThat(ended.errors()).startsWith("sightmill").contains(problem);
    }

    @Test
    void aModelThatIsNoDirectoryIsWrongUsage() throws Exception {
        Path image = Files.createFile(directory.resolve("image.png"));

        Ended ended = execute("caption", image.toString(), "--model", directory + "/nowhere");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("nowhere, which is no directory");
    }

    @Test
    void aFolderWithoutImagesFails() {
        Ended ended = execute("caption", directory.toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).contains("there is no image in");
    }

    private static synchronized Ended execute(String... words) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Sightmill.execute(words);
            return new Ended(exitCode, errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
