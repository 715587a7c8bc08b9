package io.sightmill.tuning.benchmarks;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which choice an answer to ScienceQA names, by the rule of LLaVA's authors: a letter alone; else
 * the letter before a full stop and a blank at the beginning; else the only letter that stands
 * behind the announcement of the answer.
 */
final class ChosenLetter {

    /** One character of any kind must follow the letter; the authors' expression wants that too. */
    private static final Pattern ANNOUNCED = Pattern.compile("The answer is ([A-Z])[^\\n]");

    private ChosenLetter() {}

    /** Empty where the rule finds none. It may be a letter that the problem has no choice for. */
    static Optional<Character> in(String answer) {
        if (answer.length() == 1 && isOption(answer)) {
            return Optional.of(answer.charAt(0));
        }
        if (answer.startsWith(". ", 1) && isOption(answer)) {
            return Optional.of(answer.charAt(0));
        }
        Matcher matcher = ANNOUNCED.matcher(answer);
        if (!matcher.find()) {
            return Optional.empty();
        }
        char letter = matcher.group(1).charAt(0);
        return matcher.find() ? Optional.empty() : Optional.of(letter);
    }

    private static boolean isOption(String answer) {
        return ScienceProblem.LETTERS.indexOf(answer.charAt(0)) >= 0;
    }
}
