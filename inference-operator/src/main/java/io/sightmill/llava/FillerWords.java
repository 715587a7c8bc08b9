package io.sightmill.llava;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Made-up words that fill a vocabulary up to its size, so that a model with random weights answers
 * in something readable. No merge leads to them: no prompt holds one.
 */
final class FillerWords {

    private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = 3;

    private FillerWords() {}

    /** Appends words that are not in the list yet until it has the size. */
    static void fill(List<String> tokens, int size) {
        Set<String> known = new HashSet<>(tokens);
        for (int number = 0; tokens.size() < size; number++) {
            String word = BytePairTrainer.SPACE_MARK + word(number);
            if (known.add(word)) {
                tokens.add(word);
            }
        }
    }

    private static String word(int number) {
        List<String> syllables = new ArrayList<>();
        int rest = number;
        for (int i = 0; i < SYLLABLES; i++) {
            int vowel = rest % VOWELS.length();
            rest /= VOWELS.length();
            int consonant = rest % CONSONANTS.length();
            rest /= CONSONANTS.length();
            syllables.add("" + CONSONANTS.charAt(consonant) + VOWELS.charAt(vowel));
        }
        // More words than three syllables spell are told apart by a fourth.
        return String.join("", syllables) + (rest == 0 ? "" : word(rest - 1));
    }
}
