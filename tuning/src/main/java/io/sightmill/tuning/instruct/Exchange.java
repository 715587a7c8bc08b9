package io.sightmill.tuning.instruct;

/** What is asked, and what is answered. */
public record Exchange(String question, String answer) {

    public Exchange {
        requireText("question", question);
        requireText("answer", answer);
    }

    private static void requireText(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " is blank and must have words");
        }
        if (value.contains(TrainingSample.IMAGE)) {
            throw new IllegalArgumentException(
                    "%s has the words %s, which stand for an image in training data"
                            .formatted(key, TrainingSample.IMAGE));
        }
    }
}
