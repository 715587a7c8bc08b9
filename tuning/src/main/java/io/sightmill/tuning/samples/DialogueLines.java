package io.sightmill.tuning.samples;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.DialogueTurn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is said in the first entries of a file in LLaVA's JSON, line by line. */
public final class DialogueLines {

    private DialogueLines() {}

    /**
     * @param most entries; those that are broken are passed over
     * @throws io.sightmill.tuning.DataFileException if the file cannot be read at all
     */
    public static List<String> of(Path file, int most) {
        List<String> lines = new ArrayList<>();
        new InstructionFile(InstructionSource.whole(file))
                .read(
                        new InstructionFile.Visitor() {
                            @Override
                            public void entry(long index, long begin, long end, JsonNode entry) {
                                if (index < most) {
                                    add(entry, lines);
                                }
                            }

                            @Override
                            public void broken(long index, String problem) {
                                // Whoever learns from the file reports it.
                            }
                        });
        return lines;
    }

    private static void add(JsonNode entry, List<String> lines) {
        try {
            for (DialogueTurn turn : DialogueRecord.parse(entry).turns()) {
                turn.text().lines().forEach(lines::add);
            }
        } catch (BadSampleException broken) {
            // Whoever learns from the file reports it.
        }
    }
}
