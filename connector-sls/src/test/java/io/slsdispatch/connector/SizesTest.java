package io.slsdispatch.connector;

import io.slsdispatch.testing.SizeRules;

class SizesTest extends SizeRules {

    SizesTest() {
        super(
                286,
                "io.slsdispatch.connector.put",
                "io.slsdispatch.connector.sink",
                "io.slsdispatch.connector.sink.dynamic");
    }
}
