package io.sightmill.tuning.instruct;

import java.nio.file.Path;

/**
 * The names of files in a directory of instruction data.
 *
 * @param root the directory, which has the captions too
 */
public record InstructFiles(Path root) {

    public Path captions() {
        return root.resolve("captions.jsonl");
    }

    /** The options of the run. */
    Path description() {
        return root.resolve("instruct.run.json");
    }

    /** What came of every sample so far, in the order it came. */
    Path journal() {
        return root.resolve("instruct.journal.jsonl");
    }

    /** LLaVA's training JSON of one kind. */
    public Path samples(SampleKind kind) {
        return root.resolve(kind.key() + ".json");
    }

    /** All kinds in one file. */
    public Path allSamples() {
        return root.resolve("instruct.json");
    }

    /** Captions to align the projector with, as training JSON. */
    public Path alignment() {
        return root.resolve("align.json");
    }
}
