package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.source.reader.DataLossHandler.DataGap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class DataGapTest {

    private static Cursor cursor(long number) {
        return Cursor.of(
                Base64.getEncoder().encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void saysHowManyGroupsAndSecondsItSpans() {
        DataGap gap = new DataGap(cursor(1_614_750_027_373_205_714L), cursor(1_614_750_027_373_205_814L), 1000, 4600);

        assertThat(gap.groups()).hasValue(100);
        assertThat(gap.size()).isEqualTo("100 groups, received within at most 1 h");
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThat(new DataGap(cursor(1), null, 1000, 0).size()).isEqualTo("an unknown number of groups");
        assertThat(new DataGap(Cursor.of("not-base64!"), cursor(5), 0, 4600).size())
                .isEqualTo("an unknown number of groups");
        assertThat(new DataGap(cursor(9), cursor(5), 0, 0).groups()).isEmpty();
    }

    /** A logstore that was deleted and recreated counts on from its new creation, in nanoseconds. */
    @Test
    void doesNotCountFromTheCursorsOfOneLogstoreToThoseOfAnother() {
        Cursor old = cursor(1_614_750_027_373_205_714L);
        Cursor fiveMinutesLater = cursor(1_614_750_027_373_205_714L + 300_250_769_034L);

        assertThat(new DataGap(old, fiveMinutesLater, 1000, 1300).groups()).isEmpty();
        assertThat(new DataGap(old, fiveMinutesLater, 0, 0).groups()).isEmpty();
        assertThat(new DataGap(old, fiveMinutesLater, 0, 0).size()).contains("deleted and recreated");
        assertThat(new DataGap(old, cursor(1_614_750_027_373_205_714L + 5_000_000_000L), 1000, 1005).groups())
                .isEmpty();
    }
}
