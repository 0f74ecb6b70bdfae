package io.slsdispatch.local;

import io.slsdispatch.testing.SizeRules;

class SizesTest extends SizeRules {

    SizesTest() {
        super(150);
    }
}
