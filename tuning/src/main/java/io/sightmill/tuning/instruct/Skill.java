package io.sightmill.tuning.instruct;

import java.util.Locale;

/** What a question with a short answer asks for. */
public enum Skill {
    COLOUR,
    SHAPE,
    COUNT,
    POSITION,
    RELATION,
    SIZE,
    DIGIT,
    WORD,
    YES_NO,
    TEXTURE,
    BACKGROUND;

    /** As tables and reports name it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
