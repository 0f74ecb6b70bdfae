package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard itself; that a running job answers its queries is in {@link MetricsE2eTest}. */
class DashboardTest {

    @Test
    void everyNumberOfThePageOnMetricsHasAPanel() throws IOException {
        Set<String> shown = OperatorFiles.exportedNamesIn(OperatorFiles.DASHBOARD).stream()
                .map(name -> name.substring(name.lastIndexOf('_') + 1))
                .collect(Collectors.toSet());

        assertThat(shown).containsAll(OperatorFiles.documentedNumbers());
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel :
                new ObjectMapper().readTree(OperatorFiles.DASHBOARD.toFile()).path("panels")) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as("id of " + title).isTrue();
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            int bottom = place.path("y").asInt() + place.path("h").asInt();
            assertThat(right).as("right end of " + title).isLessThanOrEqualTo(24);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = place.path("y").asInt(); y < bottom; y++) {
                    assertThat(cells.add(x + "," + y)).as("place of " + title).isTrue();
                }
            }
        }
    }
}
