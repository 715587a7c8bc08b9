package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainingSetupTest {

    // A run that goes on in another process finds itself by these words.
    @Test
    void isWrittenTheSameInWhateverOrderItsPartsCome() {
        List<TrainablePart> ordered =
                Stream.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE).sorted().toList();
        List<TrainablePart> reversed = List.of(ordered.get(1), ordered.get(0));

        assertThat(setup(ordered).trained()).containsExactlyElementsOf(ordered);
        assertThat(setup(reversed).trained()).containsExactlyElementsOf(ordered);
    }

    @Test
    void trainsSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingSetup(Set.of(), false, Optional.empty(), 1))
                .withMessageContaining("nothing is trained");
    }

    private static TrainingSetup setup(List<TrainablePart> parts) {
        return new TrainingSetup(new LinkedHashSet<>(parts), true, Optional.empty(), 1);
    }
}
