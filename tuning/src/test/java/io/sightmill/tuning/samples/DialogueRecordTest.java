package io.sightmill.tuning.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.DialogueTurn.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialogueRecordTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsWhatLlavaWasTunedOn() throws Exception {
        DialogueRecord record =
                parse(
                        """
                        {'id': '7', 'image': 'a/b.jpg', 'conversations': [
                          {'from': 'human', 'value': 'What is it?\\n<image>'},
                          {'from': 'gpt', 'value': 'A cat.'},
                          {'from': 'human', 'value': 'Sure?'},
                          {'from': 'gpt', 'value': 'Yes.'}]}
                        """);

        assertThat(record.id()).isEqualTo("7");
        assertThat(record.images()).containsExactly("a/b.jpg");
        assertThat(record.turns())
                .containsExactly(
                        new DialogueTurn(Role.USER, "What is it?"),
                        new DialogueTurn(Role.ASSISTANT, "A cat."),
                        new DialogueTurn(Role.USER, "Sure?"),
                        new DialogueTurn(Role.ASSISTANT, "Yes."));
    }

    @Test
    void textAloneNeedsNoImage() throws Exception {
        assertThat(parse(entry("", "Hello", "Hi.")).images()).isEmpty();
    }

    @Test
    void severalImagesAreAList() throws Exception {
        String two = "'image': ['a.png', 'b.png'],";
        assertThat(parse(entry(two, "<image><image> Which?", "The first.")).images())
                .containsExactly("a.png", "b.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "3 | no JSON object",
                "{'image': 'a.png'} | 'conversations' is missing",
                "{'conversations': []} | 'conversations' is missing, empty",
                "{'image': 3, 'conversations': [{'from':'human','value':'x'}]} | neither a file name",
                "{'image': ' ', 'conversations': [{'from':'human','value':'x'}]} | blank file name",
                "{'conversations': [{'from':'bot','value':'x'}]} | 'from' of turn 1 is 'bot'",
                "{'conversations': [{'value':'x'}]} | 'from' of turn 1 is 'missing'",
                "{'conversations': [{'from':'human','value':3}]} | 'value' of turn 1 is no text",
                "{'conversations': [{'from':'gpt','value':'x'}]} | turn 1 is from gpt",
                "{'conversations': [{'from':'human','value':'x'}]} | question without an answer",
                "{'conversations': [{'from':'human','value':'x'},{'from':'gpt','value':' '}]} |"
                        + " the answer in turn 2 is empty",
                "{'conversations': [{'from':'human','value':'<image>'},{'from':'gpt','value':'y'}]} |"
                        + " 1 times <image> for 0 image(s)",
                "{'image':'a.png','conversations':[{'from':'human','value':'x'},{'from':'gpt','value':'y'}]}"
                        + " | 0 times <image> for 1 image(s)",
                "{'image':'a.png','conversations':[{'from':'human','value':'x'},{'from':'gpt','value':'<image>'}]}"
                        + " | <image> stands in turn 2",
            })
    void saysWhatIsWrong(String entry, String problem) {
        assertThatThrownBy(() -> parse(entry))
                .isInstanceOf(BadSampleException.class)
                .hasMessageContaining(problem);
    }

    private static String entry(String image, String question, String answer) {
        return "{%s 'conversations': [{'from':'human','value':'%s'},{'from':'gpt','value':'%s'}]}"
                .formatted(image, question, answer);
    }

    private static DialogueRecord parse(String entry) throws Exception {
        return DialogueRecord.parse(JSON.readTree(entry.replace('\'', '"')));
    }
}
