package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The coordinator that tests share lanes out by.
 */
class InMemoryCoordinatorTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final InMemoryCoordinator coordinator = this.broker.coordinator();

	private Membership membership(int lanes) {
		this.broker.stream("in", lanes);
		return membership();
	}

	private Membership membership() {
		CommitScope scope = new CommitScope(new LaneId("mill", 0), "",
				Map.of("in", this.broker.source(StreamDefinition.of("in", String.class))),
				Map.of("out", this.broker.sink(StreamDefinition.of("out", String.class))), null, null);
		return this.broker.commitPlace().membership(scope).orElseThrow();
	}

	private Heard join(Membership membership) {
		return new Heard(membership);
	}

	private void settle() {
		boolean moved = true;
		while (moved) {
			moved = false;
			for (InMemoryMember member : this.coordinator.members("mill")) {
				moved |= member.poll();
			}
		}
	}

	@Test
	void sharesLanesOutEvenlyAndMovesFewOfThem() {
		this.coordinator.byHand();
		Membership membership = membership(7);
		Heard one = join(membership);
		settle();
		assertThat(one.all).containsExactly("assigned [0, 1, 2, 3, 4, 5, 6]");
		Heard two = join(membership);
		settle();
		assertThat(one.all).endsWith("revoked [4, 5, 6]");
		assertThat(two.all).containsExactly("assigned [4, 5, 6]");
		Heard three = join(membership);
		settle();
		assertThat(one.member.lanes()).containsExactlyInAnyOrder(0, 1, 2);
		assertThat(two.member.lanes()).containsExactlyInAnyOrder(4, 5);
		assertThat(three.member.lanes()).containsExactlyInAnyOrder(3, 6);
		assertThat(membership.members()).extracting((peer) -> peer.lanes().size()).containsExactly(3, 2, 2);
		two.member.close();
		settle();
		assertThat(two.all).endsWith("revoked [4, 5]");
		assertThat(one.member.lanes()).hasSize(4).contains(0, 1, 2);
		assertThat(three.member.lanes()).hasSize(3).contains(3, 6);
	}

	@Test
	void givesALaneOnlyOnceTheOtherHasLetGo() {
		this.coordinator.byHand();
		Membership membership = membership(2);
		Heard one = join(membership);
		settle();
		Heard two = join(membership);
		InMemoryMember second = two.member;
		assertThat(second.poll()).as("joins").isTrue();
		assertThat(second.poll()).as("gets something").isFalse();
		one.member.poll();
		assertThat(one.all).endsWith("revoked [1]");
		second.poll();
		assertThat(two.all).containsExactly("assigned [1]");
	}

	@Test
	void takesAMemberForDeadThatIsSilentAndTellsItOnceItIsBack() {
		this.coordinator.byHand();
		Membership membership = membership(2);
		Heard one = join(membership);
		Heard two = join(membership);
		settle();
		one.member.cut();
		this.coordinator.advance(Duration.ofMillis(5_999));
		settle();
		assertThat(two.member.lanes()).hasSize(1);
		this.coordinator.advance(Duration.ofMillis(1));
		settle();
		assertThat(two.member.lanes()).hasSize(2);
		assertThat(one.member.lanes()).as("as far as it knows").hasSize(1);
		assertThat(membership.members()).hasSize(1);
		one.member.heal();
		settle();
		assertThat(one.all).hasSize(3).element(1).asString().startsWith("lost");
		assertThat(one.member.lanes()).hasSize(1);
	}

	@Test
	void oneThatLeavesWhileItIsCutOffKeepsItsLanesUntilTheTimeOut() {
		this.coordinator.byHand();
		Membership membership = membership(2);
		Heard one = join(membership);
		Heard two = join(membership);
		settle();
		one.member.cut();
		one.member.close();
		assertThat(one.all).last().asString().startsWith("revoked");
		one.member.heal();
		settle();
		assertThat(two.member.lanes()).hasSize(1);
		this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT);
		settle();
		assertThat(two.member.lanes()).hasSize(2);
		assertThat(this.coordinator.members("mill")).hasSize(1);
	}

	@Test
	void sharesMorePartitionsOutAndEndsAMemberWhosePlaceWasTaken() {
		this.coordinator.byHand();
		Membership membership = membership(1);
		Heard one = join(membership);
		Heard two = join(membership);
		settle();
		assertThat(two.all).isEmpty();
		this.broker.stream("in", 4);
		settle();
		assertThat(one.member.lanes()).hasSize(2);
		assertThat(two.member.lanes()).hasSize(2);
		one.member.fence();
		settle();
		assertThat(one.all).last().isEqualTo("ended " + MillTakenOverException.class.getSimpleName());
		assertThat(two.member.lanes()).containsExactlyInAnyOrder(0, 1, 2, 3);
	}

	@Test
	void worksByThreads() {
		Membership membership = membership(4);
		try (Membership.Member one = join(membership).member) {
			Awaitility.await().until(() -> one.lanes().size() == 4);
			try (Membership.Member two = join(membership).member) {
				Awaitility.await().until(() -> one.lanes().size() == 2 && two.lanes().size() == 2);
			}
			Awaitility.await().until(() -> one.lanes().size() == 4);
		}
		assertThat(membership.members()).isEmpty();
	}

	@Test
	void isForMillsOnlyThatReadPartitionsAndWriteHere() {
		this.broker.stream("in");
		CommitScope unpartitioned = new CommitScope(new LaneId("mill", 0), "",
				Map.of("in", this.broker.source(StreamDefinition.of("in", String.class))), Map.of(), null, null);
		assertThat(this.broker.commitPlace().membership(unpartitioned)).isEmpty();
		CommitScope elsewhere = new CommitScope(new LaneId("mill", 0), "",
				Map.of("in", this.broker.source(StreamDefinition.of("in", String.class))),
				Map.of("out", new InMemoryBroker().sink(StreamDefinition.of("out", String.class))), null, null);
		this.broker.stream("in", 2);
		assertThat(this.broker.commitPlace().membership(elsewhere)).isEmpty();
		assertThat(this.broker.commitPlace().membership(unpartitioned)).isPresent();
	}

	private static final class Heard implements Membership.Listener {

		private final List<String> all = new CopyOnWriteArrayList<>();

		private final InMemoryMember member;

		Heard(Membership membership) {
			this.member = (InMemoryMember) membership.join(this);
		}

		private void add(String what, Set<Integer> lanes) {
			this.all.add(what + " " + new ArrayList<>(new TreeSet<>(lanes)));
		}

		@Override
		public void assigned(Set<Integer> lanes) {
			add("assigned", lanes);
		}

		@Override
		public void revoked(Set<Integer> lanes) {
			add("revoked", lanes);
		}

		@Override
		public void lost(Set<Integer> lanes) {
			add("lost", lanes);
		}

		@Override
		public void ended(RuntimeException cause) {
			this.all.add("ended " + cause.getClass().getSimpleName());
		}

	}

}
