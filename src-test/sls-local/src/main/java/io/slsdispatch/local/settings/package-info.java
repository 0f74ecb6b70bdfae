/** What can be set about the answers of SLS Local: open questions, quotas, measurements. Depends on nothing. */
@NullMarked
package io.slsdispatch.local.settings;

import org.jspecify.annotations.NullMarked;
