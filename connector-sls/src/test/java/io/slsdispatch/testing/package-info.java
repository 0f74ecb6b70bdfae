/** What the tests of several modules share: rules about the code itself, a client that fakes extend, and a
 * builder of log groups. */
package io.slsdispatch.testing;
