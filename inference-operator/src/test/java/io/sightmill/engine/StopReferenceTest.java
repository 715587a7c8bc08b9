package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.llava.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * After which token an answer ends at a stop string, against {@code StopStringCriteria} of
 * transformers 5.18 with the same tokenizer: random tokens, and stop strings cut out of their text
 * anywhere, so that most lie across tokens. {@code at} is null where the reference never stops.
 */
class StopReferenceTest {

    @Test
    void answersEndAfterTheSameTokenAsTheReferences() throws Exception {
        Path golden = Path.of(StopReferenceTest.class.getResource("/golden/sampling").toURI());
        JsonNode cases = new ObjectMapper().readTree(golden.resolve("stops.json").toFile());
        try (Tokenizer tokenizer = Tokenizer.load(golden.resolveSibling("tiny-llava"))) {
            for (JsonNode reference : cases) {
                List<String> stop = new ArrayList<>();
                reference.get("stop").forEach(each -> stop.add(each.asText()));
                AnswerText text = new AnswerText(tokenizer, stop);
                int at = 0;
                for (JsonNode id : reference.get("ids")) {
                    at++;
                    if (text.append(id.asInt())) {
                        break;
                    }
                    at = at == reference.get("ids").size() ? 0 : at;
                }
                assertThat(at).as("%s", reference).isEqualTo(reference.get("at").asInt(0));
            }
        }
    }
}
