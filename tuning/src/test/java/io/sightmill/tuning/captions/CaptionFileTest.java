package io.sightmill.tuning.captions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionFileTest {

    private static final CaptionedImage IMAGE =
            new CaptionedImage(
                    "7",
                    "images/7.png",
                    List.of("A \"red\" dog.", "Ein Hund: groß."),
                    List.of(new LabelledBox("red dog", new Box(0.1, 0.25, 0.5004, 1))));

    @TempDir private Path directory;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = directory.resolve("captions.jsonl");
        Files.writeString(file, CaptionFile.line(IMAGE) + "\n\n" + CaptionFile.line(IMAGE) + "\n");

        try (JsonLines<CaptionedImage> lines = CaptionFile.read(file)) {
            CaptionedImage first = lines.next();
            assertThat(first.captions()).isEqualTo(IMAGE.captions());
            assertThat(first.boxes()).hasToString("[red dog: [0.100, 0.250, 0.500, 1.000]]");
            assertThat(lines.next()).isEqualTo(first);
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void tellsATeacherAsThePaperDoes() {
        assertThat(IMAGE.captionAndBoxText())
                .isEqualTo(
                        "A \"red\" dog.\nEin Hund: groß.\n\nred dog: [0.100, 0.250, 0.500, 1.000]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':'1','image':'a.png','captions':[]}|captions are missing",
                "{'id':'1','image':'a.png'}|'captions' is missing and must be a list",
                "{'id':1,'image':'a.png','captions':['x']}|'id' is 1 and must be a text",
                "{'id':'1','image':' ','captions':['x']}|image is blank",
                "{'id':'1','image':'a','captions':[3]}|'captions' has 3 and must have texts",
                "{'id':'1','image':'a','captions':['x'],'boxes':['dog']}|a box is 'dog' and must be",
                "{'id':'1','image':'a','captions':['x'],'boxes':['d: [0.5, 0, 0.2, 1]']}|left 0.5 and right 0.2",
                "{'id':'1','image':'a','captions':['x'],'boxes':['d: [0.., 0, 0.2, 1]']}|'0..' is not a number",
                "{'id':|is no JSON",
                "[1]|is no JSON object",
                "{'id':'1'} {|is no JSON"
            })
    void namesFileLineAndFault(String line, String fault) throws IOException {
        Path file = directory.resolve("captions.jsonl");
        Files.writeString(file, CaptionFile.line(IMAGE) + "\n" + line.replace('\'', '"') + "\n");

        try (JsonLines<CaptionedImage> lines = CaptionFile.read(file)) {
            lines.next();
            assertThatThrownBy(lines::next)
                    .isInstanceOf(DataFileException.class)
                    .hasMessageStartingWith(file + ": line 2: ")
                    .message()
                    .satisfies(
                            message ->
                                    assertThat(message.replace('"', '\'')).contains(fault.trim()));
            assertThat(lines.next()).isNull();
        }
    }
}
