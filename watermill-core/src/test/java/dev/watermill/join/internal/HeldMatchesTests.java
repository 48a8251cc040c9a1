package dev.watermill.join.internal;

import java.util.List;

import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Who holds matches, when they are let go, and what stays of them.
 */
class HeldMatchesTests {

	private final TestStream stream = new TestStream(100, 1, 2, 3, 4);

	private final Cursor cursor = this.stream.cursor(new TestWaiting(0));

	private final Branch branch = new Branch("s", this.cursor, this.stream.account);

	private Group group(int... indexes) {
		assertThat(this.cursor.hasNext()).isTrue();
		Group group = new Group(0);
		for (int index : indexes) {
			group.add(this.cursor.page, index, this.branch.edges);
		}
		group.hold();
		return group;
	}

	private long skipped(SkipReason reason) {
		return this.stream.counters().skipped(reason).get();
	}

	@Test
	void areLetGoWithTheLastHolder() {
		Group group = group(0, 1);
		group.hold();
		group.release(this.branch);
		assertThat(skipped(SkipReason.UNMATCHED)).isZero();
		group.release(this.branch);
		assertThat(skipped(SkipReason.UNMATCHED)).isEqualTo(2);
	}

	@Test
	void nobodyReleasesTwice() {
		Group group = group(0);
		group.release(this.branch);
		assertThatIllegalStateException().isThrownBy(() -> group.release(this.branch))
			.withMessageContaining("'s'")
			.withMessageContaining("twice");
	}

	@Test
	void areSkippedAsFailedIfEachDeliveryFailed() {
		Group group = group(0, 1);
		group.fail(this.branch);
		group.fail(this.branch);
		group.release(this.branch);
		assertThat(skipped(SkipReason.FAILED)).isEqualTo(2);
		assertThat(skipped(SkipReason.UNMATCHED)).isZero();
	}

	@Test
	void areDeliveredIfOneDeliverySucceeded() {
		Group group = group(0, 1);
		group.fail(this.branch);
		group.markDelivered(1);
		group.release(this.branch);
		assertThat(skipped(SkipReason.FAILED)).isZero();
		assertThat(skipped(SkipReason.UNMATCHED)).isZero();
	}

	@Test
	void knowWhereTheyStartWhenThePageIsGone() {
		Group group = group(2, 3);
		group.keepStart(this.cursor.page);
		this.cursor.page.letGo();
		assertThat(group.start().origin()).isEqualTo("s[2]");
		assertThat(group.standing().origin()).isEqualTo("s[2]");
		assertThat(group.start().input()).isEqualTo(TestStream.at(2, 2));
	}

	@Test
	void areEmptyWithoutAnElement() {
		Group group = group();
		assertThat(group.isEmpty()).isTrue();
		assertThat(group.first()).isNull();
		assertThat(group.asList()).isEmpty();
		assertThat(group.frozen().isEmpty()).isTrue();
		assertThat(JoinView.first("parent", group)).isEmpty();
		assertThat(JoinView.many("parent", group)).containsEntry("parent", List.of());
	}

	@Test
	void stayAsTheyWereOnceFrozen() {
		Group group = group(0, 1);
		Matches frozen = group.frozen();
		List<Object> list = group.asList();
		group.restart(this.branch);
		group.add(this.cursor.page, 2, this.branch.edges);
		group.add(this.cursor.page, 3, this.branch.edges);
		assertThat(group.asList()).containsExactly(3, 4);
		assertThat(list).containsExactly(1, 2);
		assertThat(frozen.asList()).containsExactly(1, 2);
		assertThat(frozen.size()).isEqualTo(2);
		assertThat(frozen.get(1)).isEqualTo(2);
		assertThat(frozen.isReused()).isFalse();
		assertThat(frozen.frozen()).isSameAs(frozen);
	}

}
