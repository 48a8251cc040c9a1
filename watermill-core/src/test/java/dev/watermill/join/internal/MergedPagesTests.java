package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MergedPagesTests {

	private final TestStream odd = new TestStream(2, 1, 3).goesOn();

	private final TestStream even = new TestStream(2, 2, 4).goesOn();

	private final MergedPages pages = new MergedPages(
			this.odd.node()
				.readFrom(new MergedSource<>(this.odd, () -> 2, (number) -> (number == 0) ? this.odd : this.even)),
			new LaneId("mill", 0), this.odd.acceptance(), this.odd.counters(), new TestWaiting(1),
			new Checkpoint.Input(Position.empty(), Map.of()));

	private static List<Object> elements(Page page) {
		return Arrays.asList(page.elements).subList(0, page.size);
	}

	@Test
	void standsAtAMarkThatWasSeenAheadOfTheLastElement() {
		// whether a partition is at its end has to be known before what comes next is
		assertThat(elements(this.pages.read())).containsExactly(1, 2, 3);
		this.odd.end();
		this.even.end();
		Page last = this.pages.read();
		assertThat(elements(last)).containsExactly(4);
		assertThat(last.behind()).isEqualTo(Behind.MARK);
		MergedSource.Parts parts = MergedSource.Parts.of(last.position(1));
		assertThat(parts.isOver(0)).isTrue();
		assertThat(parts.isOver(1)).isTrue();
	}

	@Test
	void doesNotStandAtAMarkBeforeTheLastElementIsPassed() {
		this.pages.read();
		this.odd.end();
		this.even.end();
		MergedSource.Parts parts = MergedSource.Parts.of(this.pages.read().position(0));
		assertThat(parts.isOver(0)).isTrue();
		assertThat(parts.isOver(1)).isFalse();
	}

	@Test
	void aSegmentStartsOnceAllPartitionsHavePassedAMark() {
		for (TestStream partition : List.of(this.odd, this.even)) {
			partition.add(TestStream.SEGMENT);
		}
		this.odd.add(1);
		assertThat(this.pages.read().isSegmentStart()).isFalse();
		Page last = this.pages.read();
		assertThat(elements(last)).containsExactly(4);
		assertThat(last.isSegmentStart()).isFalse();
		this.even.add(2);
		// nobody knew of the 2 yet when the mark before it was seen
		Page start = this.pages.read();
		assertThat(start.isSegmentStart()).isTrue();
		assertThat(elements(start)).isEmpty();
		Page next = this.pages.read();
		assertThat(next.isSegmentStart()).isFalse();
		assertThat(elements(next)).containsExactly(1);
	}

}
