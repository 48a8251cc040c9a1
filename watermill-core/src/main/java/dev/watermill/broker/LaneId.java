package dev.watermill.broker;

/**
 * One lane of one mill: what owns positions.
 *
 * @param mill the name of the mill
 * @param lane the number of the lane, from 0
 * @since 0.1.0
 */
public record LaneId(String mill, int lane) {

	@Override
	public String toString() {
		return this.mill + "-" + this.lane;
	}

}
