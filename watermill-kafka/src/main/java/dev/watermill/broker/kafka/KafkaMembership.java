package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The consumer group of a node: the instances of a mill are its members, and a lane
 * belongs to the one that was assigned its partition. The groups of the other nodes have
 * no members. Thread-safe.
 */
final class KafkaMembership implements Membership {

	private final KafkaConnection connection;

	private final LaneId lane;

	private final KafkaTopic topic;

	private final String group;

	private KafkaMembership(KafkaConnection connection, LaneId lane, KafkaTopic topic) {
		this.connection = connection;
		this.lane = lane;
		this.topic = topic;
		this.group = connection.nameOfGroup(lane, topic);
	}

	/**
	 * Return the membership of a mill: in the group of its master, if that is a topic,
	 * else of the first node that reads one partition by partition, or reads one at all.
	 * A mill of which no node is read so has one lane, which belongs to whoever has the
	 * first partition.
	 * @return the membership, or empty if the mill reads no topic, or writes anything
	 * else, which would not follow a lane to another instance
	 */
	static Optional<Membership> of(KafkaConnection connection, CommitScope scope) {
		if (scope.outputs(connection.topics()).size() < scope.outputs().size()) {
			return Optional.empty();
		}
		Map<String, KafkaTopic> read = scope.inputs(connection.topics());
		return Optional.ofNullable(read.get(scope.inputs().keySet().iterator().next()))
			.or(() -> read.values().stream().filter((topic) -> !topic.isReadWhole()).findFirst())
			.or(() -> read.values().stream().findFirst())
			.map((topic) -> new KafkaMembership(connection, new LaneId(scope.lane().mill(), 0), topic));
	}

	KafkaConnection connection() {
		return this.connection;
	}

	/**
	 * The topic whose partitions are shared out.
	 */
	KafkaTopic topic() {
		return this.topic;
	}

	String group() {
		return this.group;
	}

	String mill() {
		return this.lane.mill();
	}

	@Override
	public String location() {
		return "consumer group " + this.group;
	}

	@Override
	public int mostLanes() {
		return this.topic.isReadWhole() ? 1 : Integer.MAX_VALUE;
	}

	@Override
	public Member join(Listener listener) {
		return GroupMember.join(this, listener);
	}

	@Override
	public List<Peer> members() {
		return peers(new TopicAdmin(this.connection).members(this.group));
	}

	private List<Peer> peers(Collection<MemberDescription> members) {
		return members.stream()
			.map((member) -> new Peer(member.consumerId(), member.host(), lanes(member.assignment().topicPartitions())))
			.toList();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A static member that has stopped is in the group until its session has timed out.
	 */
	@Override
	public List<Peer> others() {
		TopicAdmin admin = new TopicAdmin(this.connection);
		Collection<MemberDescription> members = admin.members(this.group);
		if (members.isEmpty()) {
			return List.of();
		}
		Optional<String> own = instanceId();
		List<MemberDescription> others = members.stream()
			.filter((member) -> own.isEmpty() || !own.equals(member.groupInstanceId()))
			.toList();
		if (others.isEmpty()) {
			own.ifPresent((id) -> admin.dismiss(this.group, id));
		}
		return peers(others);
	}

	/**
	 * What this instance calls itself as a member, which the settings of the client say.
	 */
	private Optional<String> instanceId() {
		try (Consumer<byte[], byte[]> member = this.connection.member(this.group, this.topic.clientSettings())) {
			return member.groupMetadata().groupInstanceId();
		}
	}

	/**
	 * The lanes that belong to whoever has partitions.
	 */
	Set<Integer> lanes(Collection<TopicPartition> partitions) {
		return partitions.stream()
			.filter((partition) -> this.topic.names().includes(partition.topic()))
			.map(TopicPartition::partition)
			.filter((partition) -> partition == 0 || !this.topic.isReadWhole())
			.collect(Collectors.toSet());
	}

}
