package dev.watermill.tck;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.MillTakenOverException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Declares that a place of commits is refused while another holds it.
 *
 * @since 0.1.0
 */
public interface LockingCommits extends BrokerFixture {

	/**
	 * The second of two is refused until the first lets go.
	 */
	@Test
	default void refusesTheSecond() {
		CommitPlace place = Streams.place(this, "locked");
		try (CommitLog first = place.open(Streams.scope())) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(MillTakenOverException.class)
					.isThrownBy(() -> Streams.place(this, "locked").open(Streams.scope()))
					.withMessageContaining(Streams.MILL.mill());
			}
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> place.reset(Streams.scope()));
			assertThat(first.read()).isNull();
		}
		try (CommitLog second = place.open(Streams.scope())) {
			assertThat(second.read()).isNull();
		}
	}

}
