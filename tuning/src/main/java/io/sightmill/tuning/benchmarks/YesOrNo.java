package io.sightmill.tuning.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Whether an answer to POPE says yes, by its rule: of the first sentence, the words "No", "no" and
 * "not" say no; anything else says yes, an empty answer too.
 */
final class YesOrNo {

    private static final List<String> NO = List.of("No", "no", "not");

    private YesOrNo() {}

    static boolean saysYes(String answer) {
        int end = answer.indexOf('.');
        String sentence = end < 0 ? answer : answer.substring(0, end);
        return Arrays.stream(sentence.replace(",", "").split(" ")).noneMatch(NO::contains);
    }
}
