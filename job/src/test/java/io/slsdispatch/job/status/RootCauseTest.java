package io.slsdispatch.job.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RootCauseTest {

    @Test
    void aLineOfManyPartsIsRead() {
        String line = "a.".repeat(50_000);

        assertThat(RootCause.of(line + "\nCaused by: java.io.IOException: no space left")
                        .message())
                .isEqualTo("no space left");
        assertThat(RootCause.of(line).message()).hasSizeLessThan(1_000);
    }
}
