package io.slsdispatch.connector.put;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.WireBytes;
import org.junit.jupiter.api.Test;

class CategoryStripperTest {

    private final CategoryStripper stripper = new CategoryStripper();

    @Test
    void leavesOutEveryCategoryAndNothingElse() {
        byte[] unknown = {'u', 'n', 'k', 'n', 'o', 'w', 'n'};
        byte[] with = logGroup()
                .category("first")
                .log(1_700_000_000)
                .topic("topic")
                .category("")
                .field(77, unknown)
                .category("last")
                .toBytes();
        byte[] without =
                logGroup().log(1_700_000_000).topic("topic").field(77, unknown).toBytes();

        assertThat(bytes(stripper.apply(group(with, 0, with.length)))).isEqualTo(without);
    }

    @Test
    void looksAtItsSliceOnly() {
        byte[] array = logGroup()
                .category("before")
                .category("cut")
                .topic("t")
                .category("behind")
                .toBytes();

        RawLogGroup result = stripper.apply(group(array, 8, 8));

        assertThat(bytes(result)).isEqualTo(logGroup().topic("t").toBytes());
    }

    @Test
    void keepsWhereTheGroupIsFrom() {
        byte[] array = logGroup().category("cut").toBytes();

        RawLogGroup result = stripper.apply(new RawLogGroup(array, 0, array.length, "topic", 3, "MTA=", 9)
                .numbered()
                .asPart("1"));

        assertThat(result.length()).isZero();
        assertThat(result.topic()).isEqualTo("topic");
        assertThat(result.shard()).isEqualTo(3);
        assertThat(result.cursor()).isEqualTo("MTA=");
        assertThat(result.index()).isEqualTo(9);
        assertThat(result.number()).hasValue(19);
        assertThat(result.part()).isEqualTo("1");
    }

    @Test
    void handsOnAGroupWithoutCategoryItself() {
        byte[] array = WireBytes.message().text(3, "t").number(2, 5).toBytes();
        RawLogGroup group = group(array, 0, array.length);

        assertThat(stripper.apply(group)).isSameAs(group);
    }

    @Test
    void handsOnWhatIsNoMessageItself() {
        byte[] array = {0x12, 100, 1};
        RawLogGroup group = group(array, 0, 3).asMalformed();

        assertThat(stripper.apply(group)).isSameAs(group);
    }

    private static RawLogGroup group(byte[] array, int offset, int length) {
        return new RawLogGroup(array, offset, length, "t", 0, "cursor", 0);
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }
}
