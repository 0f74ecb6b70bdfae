/** What the tests of several modules share: rules about the code itself, and a client that fakes extend. */
package io.slsdispatch.testing;
