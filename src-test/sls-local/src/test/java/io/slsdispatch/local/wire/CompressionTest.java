package io.slsdispatch.local.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

    private static final int CLAIM = 64 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void aSmallBodyThatClaimsALargeOneIsRefused(Compression compression) {
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);

        assertThatThrownBy(() -> compression.decompress(new byte[64], 0, 64, CLAIM))
                .isInstanceOf(Refusal.class);

        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(CLAIM / 4);
    }
}
