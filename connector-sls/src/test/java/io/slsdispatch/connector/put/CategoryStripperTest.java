package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.WireBytes;
import org.junit.jupiter.api.Test;

class CategoryStripperTest {

    private final CategoryStripper stripper = new CategoryStripper();

    @Test
    void leavesOutEveryCategoryAndNothingElse() {
        WireBytes log = WireBytes.message().number(1, 1_700_000_000);
        byte[] with = WireBytes.message()
                .text(2, "first")
                .message(1, log)
                .text(3, "topic")
                .text(2, "")
                .text(77, "unknown")
                .text(2, "last")
                .toBytes();
        byte[] without = WireBytes.message()
                .message(1, log)
                .text(3, "topic")
                .text(77, "unknown")
                .toBytes();

        assertThat(bytes(stripper.apply(group(with, 0, with.length)))).isEqualTo(without);
    }

    @Test
    void looksAtItsSliceOnly() {
        byte[] array = WireBytes.message()
                .text(2, "before")
                .text(2, "cut")
                .text(3, "t")
                .text(2, "behind")
                .toBytes();

        RawLogGroup result = stripper.apply(group(array, 8, 8));

        assertThat(bytes(result)).isEqualTo(WireBytes.message().text(3, "t").toBytes());
    }

    @Test
    void keepsWhereTheGroupIsFrom() {
        byte[] array = WireBytes.message().text(2, "cut").toBytes();

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
