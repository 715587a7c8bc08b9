package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.sightmill.engine.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecodePagesTest {

    private static final int WHOLE = Integer.MAX_VALUE;
    private static final int PAGE = KvPool.PAGE;

    private static LlavaNetwork network;

    @BeforeAll
    static void load() {
        network = open(Precision.FLOAT32);
    }

    @AfterAll
    static void close() {
        network.close();
    }

    private static LlavaNetwork open(Precision precision) {
        return LlavaNetwork.open(ReferenceFiles.path("tiny-llava"), precision, Device.cpu());
    }

    @Test
    void aSequenceAloneIsOneRunOfPages() {
        try (KvPool pool = network.language().newPool()) {
            List<KvCache> caches = List.of(pool.newCache(3 * PAGE));

            DecodePages pages = DecodePages.of(caches, new int[] {2 * PAGE}, WHOLE);

            assertThat(pages.runs()).containsExactly(0, 3);
            assertThat(pages.pages()).containsExactly(0, 1, 2);
            assertThat(pages.table()).containsExactly(0, 1, 2).isEqualTo(pages.order());
            assertThat(pages.begins()).containsExactly(0);
            assertThat(pages.ends()).containsExactly(2 * PAGE + 1);
        }
    }

    @Test
    void aShorterSequenceFillsItsRowWithItsFirstPage() {
        try (KvPool pool = network.language().newPool()) {
            List<KvCache> caches = List.of(pool.newCache(PAGE), pool.newCache(2 * PAGE));

            DecodePages pages = DecodePages.of(caches, new int[] {4, PAGE}, WHOLE);

            assertThat(pages.table()).containsExactly(0, 0, 1, 2);
            assertThat(pages.order()).containsExactly(0, 2, 3);
            assertThat(pages.ends()).containsExactly(5, PAGE + 1);
        }
    }

    // A table that is its own inverse is not yet one in order.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void rowsInAnotherOrderThanTheirPagesHaveTheSameBits(Precision precision) {
        try (LlavaNetwork model = open(precision);
                NDManager scope = model.newScope();
                KvPool pool = model.language().newPool()) {
            KvCache first = filled(model, pool, 5);
            KvCache second = filled(model, pool, 9);
            float[][] straight = together(model, List.of(first, second), new int[] {5, 9}, scope);
            float[][] turned = together(model, List.of(second, first), new int[] {9, 5}, scope);

            assertThat(turned[0]).isEqualTo(straight[1]);
            assertThat(turned[1]).isEqualTo(straight[0]);
        }
    }

    @Test
    void onePageOfAnotherBetweenIsReadInPassingTwoAreNot() {
        try (KvPool pool = network.language().newPool()) {
            List<KvCache> caches = new ArrayList<>();
            for (int page = 0; page < 6; page++) {
                caches.add(pool.newCache(PAGE));
                caches.get(page).pages(1);
            }
            List<KvCache> read = List.of(caches.get(0), caches.get(2), caches.get(5));

            DecodePages pages = DecodePages.of(read, new int[3], WHOLE);

            assertThat(pages.runs()).containsExactly(0, 3, 5, 1);
            assertThat(pages.pages()).containsExactly(0, 1, 2, 5);
            assertThat(pages.table()).containsExactly(0, 2, 3);
        }
    }

    @Test
    void aWindowLeavesOutThePagesBeforeIt() {
        try (KvPool pool = network.language().newPool()) {
            List<KvCache> caches = List.of(pool.newCache(4 * PAGE));

            DecodePages pages = DecodePages.of(caches, new int[] {3 * PAGE + 1}, PAGE);

            assertThat(pages.pages()).containsExactly(2, 3);
            assertThat(pages.begins()).containsExactly(2);
            assertThat(pages.ends()).containsExactly(PAGE + 2);
        }
    }

    @Test
    void thePoolGivesEverythingBackWithItsLastSequence() {
        int before = network.openTensors();
        try (KvPool pool = network.language().newPool()) {
            KvCache first = pool.newCache(PAGE + 1);
            KvCache second = pool.newCache(1);
            first.pages(PAGE + 1);

            first.close();
            assertThat(network.openTensors()).isGreaterThan(before);
            second.close();
            second.close();

            assertThat(network.openTensors()).isEqualTo(before);
        }
    }

    @Test
    void aCacheIsNeverWrittenBehindItsEnd() {
        try (KvPool pool = network.language().newPool();
                KvCache cache = pool.newCache(PAGE)) {
            assertThatThrownBy(() -> cache.pages(PAGE + 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("position 128 does not fit a KV cache of 128");
        }
    }

    // Lengths before, at and behind a page's end, and long ones: pages that lie anywhere, beside
    // those of others, in rows as long as the longest needs.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSequenceHasTheSameBitsWhereverItsPagesLie(Precision precision) {
        Random random = new Random(5);
        int[] lengths = {1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 7, 17 * PAGE, 300};
        try (LlavaNetwork model = open(precision);
                NDManager scope = model.newScope();
                KvPool pool = model.language().newPool()) {
            List<KvCache> caches = new ArrayList<>();
            float[][] alone = new float[lengths.length][];
            for (int i = 0; i < lengths.length; i++) {
                try (KvPool own = model.language().newPool()) {
                    alone[i] = decode(model, List.of(filled(model, own, lengths[i])), lengths[i]);
                }
                pool.newCache(random.nextInt(3 * PAGE) + 1).pages(1);
                caches.add(filled(model, pool, lengths[i]));
            }
            for (int round = 0; round < 8; round++) {
                int[] picked =
                        IntStream.range(0, lengths.length)
                                .filter(i -> random.nextBoolean())
                                .toArray();
                List<KvCache> batch = Arrays.stream(picked).mapToObj(caches::get).toList();
                if (!batch.isEmpty()) {
                    int[] at = Arrays.stream(picked).map(i -> lengths[i]).toArray();
                    float[][] together = together(model, batch, at, scope);
                    for (int i = 0; i < picked.length; i++) {
                        assertThat(together[i])
                                .as("%d of %s", i, Arrays.toString(at))
                                .isEqualTo(alone[picked[i]]);
                    }
                }
            }
        }
    }

    private static KvCache filled(LlavaNetwork model, KvPool pool, int length) {
        KvCache cache = pool.newCache(length + 1);
        int[] ids = new Random(length).ints(length, 3, 500).toArray();
        try (NDManager scope = model.newScope()) {
            model.language().prefill(model.language().embed(ids, scope), cache, 0, scope);
        }
        return cache;
    }

    private static float[] decode(LlavaNetwork model, List<KvCache> caches, int position) {
        try (NDManager scope = model.newScope()) {
            return together(model, caches, new int[] {position}, scope)[0];
        }
    }

    private static float[][] together(
            LlavaNetwork model, List<KvCache> caches, int[] positions, NDManager scope) {
        int[] ids = new int[positions.length];
        Arrays.fill(ids, 42);
        return model.language().decode(ids, positions, caches, scope);
    }
}
