package dev.watermill.tck;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.MillTakenOverException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Declares that whoever opens a place of commits shuts out who held it before.
 *
 * @since 0.1.0
 */
public interface FencingCommits extends BrokerFixture {

	/**
	 * The older of two can commit nothing.
	 */
	@Test
	default void shutsTheOlderOut() {
		CommitPlace place = Streams.place(this, "fenced");
		Checkpoint checkpoint = new Checkpoint(Map.of(), Map.of(), false);
		try (CommitLog older = place.open(Streams.scope()); CommitLog newer = place.open(Streams.scope())) {
			newer.commit(checkpoint);
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> older.commit(checkpoint))
				.withMessageContaining(Streams.MILL.mill());
			newer.commit(checkpoint);
		}
	}

	/**
	 * Results of the older are never seen.
	 */
	@Test
	default void losesTheResultsOfTheOlder() {
		try (WritingMill older = WritingMill.start(this, "fenced")) {
			older.write(List.of(Item.of(1)));
			try (WritingMill newer = WritingMill.start(this, "fenced")) {
				assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> older.commit(false));
				newer.write(List.of(Item.of(2)));
				newer.complete();
			}
		}
		assertThat(results("fenced")).containsExactly(Item.of(2));
	}

	/**
	 * Results appear together with the commit that covers them.
	 */
	@Test
	default void showsResultsOnlyWhenTheyAreCommitted() {
		try (WritingMill mill = WritingMill.start(this, "fenced")) {
			mill.write(List.of(Item.of(1)));
			mill.flush();
			assertThat(results("fenced")).isEmpty();
			mill.commit(false);
			assertThat(results("fenced")).containsExactly(Item.of(1));
		}
	}

}
