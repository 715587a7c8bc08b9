package io.sightmill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever creates all topics creates every one that is named. */
class TopicsTest {

    @Test
    void listsEveryNamedTopicOnce() throws IllegalAccessException {
        List<Object> named = new ArrayList<>();
        for (Field field : Topics.class.getFields()) {
            named.add(field.get(null));
        }

        assertThat(Topics.all()).doesNotHaveDuplicates().hasSameElementsAs(cast(named));
    }

    private static List<String> cast(List<Object> names) {
        return names.stream().map(String.class::cast).toList();
    }
}
