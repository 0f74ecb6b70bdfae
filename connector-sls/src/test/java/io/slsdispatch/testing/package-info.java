/** What the tests of several modules share: rules about the code itself. Depends on nothing of the project. */
package io.slsdispatch.testing;
