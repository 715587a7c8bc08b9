package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelTreeTest {

    @Test
    void whatLabelsBeginWithInCommonIsThereOnce() {
        LabelTree tree = LabelTree.of(List.of(ids(1, 2, 3), ids(1, 2, 4, 5), ids(7)));

        assertThat(tree.children()).hasSize(2);
        assertThat(tree.children().get(0).tokens()).containsExactly(1, 2);
        assertThat(tree.children().get(0).children()).hasSize(2);
        assertThat(tree.fedTokens()).isEqualTo(2 + 0 + 1 + 0);
    }

    @Test
    void aLabelMayBeTheBeginningOfAnotherOrEqualToIt() {
        LabelTree tree = LabelTree.of(List.of(ids(1), ids(1, 2), ids(1)));

        assertThat(tree.children()).hasSize(1);
        assertThat(tree.children().get(0).labels()).containsExactly(0, 2);
        assertThat(tree.fedTokens()).isEqualTo(1);
    }

    @Test
    void labelsOfOneTokenNeedNothingToRun() {
        assertThat(LabelTree.of(List.of(ids(1), ids(2), ids(3))).fedTokens()).isZero();
    }

    @Test
    void everyBranchSpellsItsLabelAndNoBeginningRunsTwice() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 500; round++) {
            List<int[]> labels = new ArrayList<>();
            for (int label = random.nextInt(1, 9); label > 0; label--) {
                labels.add(random.ints(random.nextInt(1, 6), 0, 3).toArray());
            }
            LabelTree tree = LabelTree.of(labels);

            int[][] spelt = new int[labels.size()][];
            spell(tree, new int[0], spelt);

            assertThat(spelt).isDeepEqualTo(labels.toArray(int[][]::new));
            assertThat(tree.fedTokens()).isEqualTo(distinctBeginnings(labels));
        }
    }

    private static void spell(LabelTree node, int[] before, int[][] spelt) {
        int[] tokens = Arrays.copyOf(before, before.length + node.tokens().length);
        System.arraycopy(node.tokens(), 0, tokens, before.length, node.tokens().length);
        node.labels().forEach(label -> spelt[label] = tokens);
        node.children().forEach(child -> spell(child, tokens, spelt));
    }

    /** Beginnings of one token or more after which a label goes on. */
    private static int distinctBeginnings(List<int[]> labels) {
        return labels.stream()
                .flatMap(
                        label ->
                                java.util.stream.IntStream.range(1, label.length)
                                        .mapToObj(
                                                end -> Arrays.toString(Arrays.copyOf(label, end))))
                .collect(Collectors.toSet())
                .size();
    }

    private static int[] ids(int... ids) {
        return ids;
    }
}
