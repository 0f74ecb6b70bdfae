package io.slsdispatch.job;

import io.slsdispatch.testing.SizeRules;

class SizesTest extends SizeRules {

    SizesTest() {
        super(220, "io.slsdispatch.job.rules", "io.slsdispatch.job.rules.reload");
    }
}
