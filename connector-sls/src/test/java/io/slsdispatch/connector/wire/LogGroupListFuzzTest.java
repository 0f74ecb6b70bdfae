package io.slsdispatch.connector.wire;

import io.slsdispatch.connector.fuzz.Fuzz;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies of pulls, decompressed, as nobody meant them. */
class LogGroupListFuzzTest {

    /** Two groups of two logs; nested fields, a topic, a source and a tag. */
    private static final List<byte[]> VALID = List.of(
            HexFormat.of()
                    .parseHex(
                            "0a3b0a100801120c0a036b6579120576616c75650a100801120c0a036b6579120576616c75651a05746f7069632206736f7572636532060a01611201620a0d1a0174220831302e302e302e31"),
            new byte[] {0x0a, 0x00, 0x0a, 0x02, 0x1a, 0x00, 0x08, 0x01, 0x0b, 0x08, 0x01, 0x0c});

    @Test
    void aListIsWalkedToItsEndOrIsMalformed() throws InterruptedException {
        LogGroupListWalker walker = new LogGroupListWalker();
        Fuzz.run(VALID, input -> {
            try {
                walker.reset(input, input.length);
                int before = -1;
                while (walker.next()) {
                    if (walker.offset() <= before
                            || walker.length() < 0
                            || walker.offset() + walker.length() > input.length) {
                        throw new AssertionError("a group from " + walker.offset() + " of " + walker.length());
                    }
                    before = walker.offset() - 1;
                }
            } catch (MalformedLogGroupException malformed) {
                // What it says it throws.
            }
        });
    }
}
