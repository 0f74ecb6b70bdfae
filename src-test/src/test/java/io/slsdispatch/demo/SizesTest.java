package io.slsdispatch.demo;

import io.slsdispatch.testing.SizeRules;

class SizesTest extends SizeRules {

    SizesTest() {
        super(25);
    }
}
