package dev.watermill.broker;

/**
 * Who commits: what keeps those out that are alive but were taken over, from whatever is
 * written outside of the place of commits. Immutable.
 *
 * @param lane the lane
 * @param place the place, as all instances of this mill name it and no other mill does
 * @param session tells one holder of the place from the next
 * @since 0.1.0
 */
public record CommitHolder(LaneId lane, String place, String session) {

}
