package dev.watermill.spring.actuate.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.watermill.broker.Membership;
import org.jspecify.annotations.Nullable;

/**
 * How the lanes of a mill are shared out among its instances.
 *
 * @param standby whether this instance is at work and has no lane
 * @param members the instances, as far as they are known
 * @param asOf as of when, {@code null} if it was never known
 * @param unavailable why it is not known now, {@code null} if it is
 * @since 0.1.0
 */
public record MembershipDescriptor(boolean standby, List<MemberDescriptor> members, @Nullable Instant asOf,
		@Nullable String unavailable) {

	/**
	 * One instance.
	 *
	 * @param id what the broker calls it
	 * @param host where it runs, as far as the broker knows
	 * @param lanes the numbers of the lanes that it has, in their order
	 * @param self whether it is this one
	 */
	public record MemberDescriptor(String id, String host, List<Integer> lanes, boolean self) {

		static MemberDescriptor of(Membership.Peer peer, Set<Integer> here) {
			boolean self = !peer.lanes().isEmpty() && here.containsAll(peer.lanes());
			return new MemberDescriptor(peer.id(), peer.host(), peer.lanes().stream().sorted().toList(), self);
		}

	}

}
