package dev.watermill;

import java.time.Duration;
import java.util.Collection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills that a test has started.
 */
public final class StartedMills {

	private static final Duration LONG = Duration.ofSeconds(20);

	private StartedMills() {
	}

	/**
	 * Stop all of them, and see that each ends.
	 */
	public static void stop(Collection<Mill> mills) throws InterruptedException {
		mills.forEach(Mill::stop);
		for (Mill mill : mills) {
			assertThat(mill.awaitEnd(LONG)).isTrue();
		}
	}

}
