package io.sightmill.tuning.instruct;

import java.util.Locale;

/** The three kinds of instruction data (arXiv 2304.08485, section 3). */
public enum SampleKind {
    /** Questions and answers in turn, made from captions alone where the teacher needs no more. */
    CONVERSATION,
    /** One long answer. */
    DETAIL,
    /** A question that has to be thought about, and an answer that says why. */
    REASONING;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
