package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogGroupListWalkerTest {

    private final LogGroupListWalker walker = new LogGroupListWalker();

    @Property
    void givesEachGroupInOrderByteForByte(@ForAll @Size(max = 20) List<byte[]> groups) throws Exception {
        WireBytes list = WireBytes.message();
        for (byte[] group : groups) {
            list.number(9, 1).bytes(LogGroupFields.GROUP, group);
        }
        assertThat(walk(list.toBytes())).usingElementComparator(Arrays::compare).containsExactlyElementsOf(groups);
    }

    @Test
    void aListCutShortIsRefused() {
        byte[] list =
                WireBytes.message().bytes(LogGroupFields.GROUP, new byte[100]).toBytes();

        assertThatThrownBy(() -> walk(Arrays.copyOf(list, 60))).isInstanceOf(MalformedLogGroupException.class);
    }

    private List<byte[]> walk(byte[] list) throws MalformedLogGroupException {
        List<byte[]> found = new ArrayList<>();
        walker.reset(list, list.length);
        while (walker.next()) {
            found.add(Arrays.copyOfRange(list, walker.offset(), walker.offset() + walker.length()));
        }
        return found;
    }
}
