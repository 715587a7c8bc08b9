package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.CaptionedImage;

/** Makes instruction data of what it is told of a picture. Thread-safe. */
public interface Teacher {

    /**
     * One sample's exchanges.
     *
     * @param dice for what is left to chance
     * @throws TeachingFailedException if nothing usable came of this picture; the next one may do
     * @throws TeacherRefusedException if no other picture would fare better
     */
    Lesson teach(CaptionedImage image, SampleKind kind, Dice dice)
            throws TeachingFailedException, InterruptedException;
}
