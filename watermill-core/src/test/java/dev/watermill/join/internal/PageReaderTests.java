package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PageReaderTests {

	private static final Duration WAIT = Duration.ofMillis(100);

	private final TestWaiting waiting = new TestWaiting(0);

	private static List<Object> elements(Page page) {
		return Arrays.asList(page.elements).subList(0, page.size);
	}

	private static BrokerUnavailableException away() {
		return new BrokerUnavailableException("no route", null);
	}

	@Test
	void readsOnePageBehindTheOther() {
		PageReader reader = new TestStream(2, 1, 2, 3).reader(this.waiting);
		assertThat(reader.last().isRead()).isFalse();
		assertThat(elements(reader.read())).containsExactly(1, 2);
		assertThat(reader.last().behind()).isEqualTo(Behind.UNKNOWN);
		Page second = reader.read();
		assertThat(elements(second)).containsExactly(3);
		assertThat(second.keysBefore(0)).containsExactly(2L);
		assertThat(second.behind()).isEqualTo(Behind.MARK);
		assertThat(reader.peek()).isNull();
	}

	@Test
	void beginsWhereItIsToldAndKnowsTheKeyBefore() {
		TestStream stream = new TestStream(2, 1, 2, 3);
		PageReader reader = stream.reader(this.waiting, TestStream.at(2, 2));
		Page page = reader.read();
		assertThat(stream.opened).containsExactly(Position.of("at", 2));
		assertThat(elements(page)).containsExactly(3);
		assertThat(page.keysBefore(0)).containsExactly(2L);
	}

	@Test
	void waitsForABrokerThatIsAwayWhenItIsOpened() {
		TestStream stream = new TestStream(2, 1);
		stream.failures.addAll(List.of(away(), away(), away()));
		PageReader reader = stream.reader(this.waiting);
		assertThat(elements(reader.read())).containsExactly(1);
		assertThat(this.waiting.attempts).containsExactly(1, 2, 3);
		assertThat(this.waiting.available).isOne();
		assertThat(stream.opened).hasSize(1);
	}

	@Test
	void opensTheStreamWhereItWasWhenTheBrokerIsBack() {
		TestStream stream = new TestStream(2, 1, 2, 3, 4, 5);
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		stream.failures.add(away());
		assertThat(elements(reader.read())).containsExactly(3, 4);
		assertThat(stream.opened).containsExactly(null, Position.of("at", 2));
		assertThat(this.waiting.attempts).containsExactly(1);
		stream.failures.add(away());
		assertThat(elements(reader.read())).containsExactly(5);
		// it was back in between
		assertThat(this.waiting.attempts).containsExactly(1, 1);
		assertThat(this.waiting.available).isEqualTo(2);
	}

	@Test
	void anEmptyAnswerDoesNotShowThatABrokerIsBackUnlessItSaysSo() {
		TestStream stream = new TestStream(2).goesOn().silentAbout(true);
		stream.failures.add(away());
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		assertThat(this.waiting.available).isZero();
		stream.silentAbout(false);
		reader.read();
		assertThat(this.waiting.available).isOne();
	}

	@Test
	void failsByTheNameOfAStreamThatCanNotBeReadOn() {
		TestStream stream = new TestStream(2, 1);
		stream.failures.add(new BrokerException("it has changed before the position"));
		PageReader reader = stream.reader(this.waiting);
		assertThatExceptionOfType(StreamException.class).isThrownBy(reader::read)
			.withMessageContaining("it has changed before the position");
		stream.failures.add(new MillTakenOverException("another instance took over"));
		assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(reader::read);
	}

	@Test
	void readingAheadWaitsForNoBroker() {
		TestStream stream = new TestStream(1, 1, 2);
		PageReader reader = stream.reader(this.waiting);
		assertThat(reader.peek()).isNull();
		assertThat(stream.opened).isEmpty();
		reader.read();
		stream.failures.add(away());
		assertThat(reader.peek()).isNull();
		assertThat(this.waiting.attempts).isEmpty();
		assertThat(stream.closed).isOne();
		assertThat(reader.peek()).isNull();
		assertThat(elements(reader.read())).containsExactly(2);
		assertThat(stream.opened).containsExactly(null, Position.of("at", 1));
	}

	@Test
	void readingAheadIsNoWait() {
		TestStream stream = new TestStream(1, 1).goesOn().arrives(2);
		PageReader reader = stream.reader(this.waiting);
		Page page = reader.read();
		assertThat(reader.peek()).isNull();
		assertThat(stream.waits).isEmpty();
		assertThat(page.behind()).isEqualTo(Behind.NOTHING_YET);
		assertThat(elements(reader.await(WAIT))).containsExactly(2);
	}

	@Test
	void whatIsReadAheadIsTheLastPage() {
		PageReader reader = new TestStream(2, 1, 2, 3).reader(this.waiting);
		reader.read();
		Page ahead = Objects.requireNonNull(reader.peek());
		assertThat(elements(ahead)).containsExactly(3);
		assertThat(reader.last()).isSameAs(ahead);
		assertThat(Objects.toString(reader.range(0))).isEqualTo("1 to 3");
	}

	@Test
	void whatKeepsAStreamFromBeingReadAheadIsKept() {
		TestStream stream = new TestStream(1, 1, 2);
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		stream.failures.add(new BrokerException("damaged"));
		Page ahead = Objects.requireNonNull(reader.peek());
		assertThat(ahead.isUnreadable()).isTrue();
		assertThat(ahead.behind()).isEqualTo(Behind.FAILURE);
		assertThat(ahead.failure()).hasMessageContaining("damaged");
		assertThat(ahead.position(0)).isEqualTo(Position.of("at", 1));
		assertThat(ahead.keysBefore(0)).containsExactly(1L);
		assertThat(reader.peek()).isNull();
	}

	@Test
	void aTakeOverIsRaisedAheadToo() {
		TestStream stream = new TestStream(1, 1, 2);
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		stream.failures.add(new MillTakenOverException("another instance took over"));
		assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(reader::peek);
	}

	@Test
	void isOverAfterALongSilence() {
		TestStream stream = new TestStream(1, 1).goesOn();
		this.waiting.dataTimeout = WAIT.multipliedBy(2);
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		assertThat(reader.await(WAIT).behind()).isEqualTo(Behind.NOTHING_YET);
		stream.arrives(2);
		assertThat(elements(reader.await(WAIT))).containsExactly(2);
		// what came has ended the silence
		assertThat(reader.await(WAIT).isOver()).isFalse();
		Page silent = reader.await(WAIT);
		assertThat(silent.behind()).isEqualTo(Behind.SILENCE);
		assertThat(silent.isOver()).isTrue();
		assertThat(reader.peek()).isNull();
	}

	@Test
	void aFileIsNotOverByItsSilence() {
		this.waiting.dataTimeout = WAIT;
		PageReader reader = new TestStream(1).grows().reader(this.waiting);
		for (int i = 0; i < 3; i++) {
			assertThat(reader.await(WAIT).behind()).isEqualTo(Behind.NOTHING_YET);
		}
	}

	@Test
	void isNotSilentWhileNobodyKnowsWhetherSomethingIsThere() {
		this.waiting.dataTimeout = WAIT;
		PageReader reader = new TestStream(1).goesOn().silentAbout(true).reader(this.waiting);
		for (int i = 0; i < 5; i++) {
			assertThat(reader.await(WAIT).behind()).isEqualTo(Behind.UNKNOWN);
		}
	}

	@Test
	void readingWithoutWaitingIsNoSilence() {
		this.waiting.dataTimeout = WAIT;
		PageReader reader = new TestStream(1).goesOn().reader(this.waiting);
		for (int i = 0; i < 5; i++) {
			assertThat(reader.read().isOver()).isFalse();
		}
	}

	@Test
	void anElementOrAMarkIsNews() {
		TestStream stream = new TestStream(1).goesOn();
		PageReader reader = stream.reader(this.waiting);
		reader.read();
		assertThat(reader.hasNews()).isFalse();
		stream.end();
		reader.read();
		assertThat(reader.hasNews()).isTrue();
		PageReader file = new TestStream(1).reader(this.waiting);
		assertThat(file.read().isOver()).isTrue();
		assertThat(file.hasNews()).isFalse();
	}

	@Test
	void thePositionMovesOverWhatIsNoElement() {
		TestStream stream = new TestStream(1, 1, TestStream.GAP).goesOn();
		PageReader reader = stream.reader(this.waiting);
		Page page = reader.read();
		assertThat(reader.hasMoved()).isFalse();
		assertThat(reader.peek()).isNull();
		assertThat(reader.hasMoved()).isTrue();
		assertThat(page.position(1)).isEqualTo(Position.of("at", 2));
		reader.committed(page.checkpoint(1));
		assertThat(reader.hasMoved()).isFalse();
		assertThat(stream.committed).containsExactly(Position.of("at", 2));
	}

	@Test
	void theOrderBeginsAnewBehindAMarkThatWasPassedOver() {
		TestStream stream = new TestStream(10, 8, 9, TestStream.SEGMENT, 1, 2);
		PageReader reader = stream.reader(this.waiting);
		assertThat(elements(reader.read())).containsExactly(8, 9);
		Page second = reader.read();
		assertThat(elements(second)).containsExactly(1, 2);
		assertThat(second.failure).isNull();
		assertThat(stream.counters().skipped(SkipReason.SEGMENT).get()).isZero();
	}

	@Test
	void failsWhereABrokerFindsThatItCanNotGoOn() {
		TestStream stream = new TestStream(1, 1);
		PageReader reader = stream.reader(this.waiting);
		stream.verifiesWith(new BrokerException("another topic"));
		// nothing is open yet
		reader.verify();
		reader.read();
		assertThatExceptionOfType(StreamException.class).isThrownBy(() -> reader.verify())
			.withMessageContaining("another topic");
		stream.verifiesWith(away());
		reader.verify();
	}

	@Test
	void readsTheSameHoweverOftenTheBrokerGoes() {
		Object[] numbers = new Object[20];
		Arrays.setAll(numbers, (i) -> i);
		TestStream stream = new TestStream(3, numbers);
		PageReader reader = stream.reader(this.waiting);
		List<Object> read = new ArrayList<>();
		while (reader.last().isOpen()) {
			stream.failures.add(away());
			read.addAll(elements(reader.read()));
		}
		assertThat(read).containsExactly(numbers);
		assertThat(reader.remaining()).hasValue(0);
	}

}
