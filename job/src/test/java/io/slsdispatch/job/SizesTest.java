package io.slsdispatch.job;

import io.slsdispatch.testing.SizeRules;

class SizesTest extends SizeRules {

    SizesTest() {
        super(214, "io.slsdispatch.job.rules", "io.slsdispatch.job.rules.reload");
    }
}
