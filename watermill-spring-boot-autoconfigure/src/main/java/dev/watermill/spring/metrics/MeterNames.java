package dev.watermill.spring.metrics;

/**
 * The names of all meters and of their tags: dashboards rely on them.
 */
final class MeterNames {

	static final String ELEMENTS_READ = "watermill.elements.read";

	static final String ELEMENTS_SKIPPED = "watermill.elements.skipped";

	static final String ELEMENTS_LOST = "watermill.elements.lost";

	static final String DEAD_LETTERS = "watermill.dead-letters";

	static final String DELIVERIES = "watermill.deliveries";

	static final String DELIVERIES_SKIPPED = "watermill.deliveries.skipped";

	static final String IN_FLIGHT = "watermill.deliveries.in-flight";

	static final String RESULTS = "watermill.results";

	static final String PROCESS = "watermill.process";

	static final String COMMIT = "watermill.commit";

	static final String LAG = "watermill.lag";

	static final String WINDOW_SIZE = "watermill.window.size";

	static final String STATE = "watermill.state";

	static final String LANES = "watermill.lanes";

	static final String LANE_START = "watermill.lanes.start";

	static final String LANE_HAND_OVER = "watermill.lanes.handover";

	static final String REBALANCES = "watermill.rebalances";

	static final String RESTARTS = "watermill.restarts";

	static final String REORDER_LATE = "watermill.reorder.late";

	static final String REORDER_DEPTH = "watermill.reorder.depth";

	static final String REORDER_LATENESS = "watermill.reorder.lateness.max";

	static final String UNAVAILABLE = "watermill.unavailable";

	static final String ACTIVITY = "watermill.activity";

	static final String PROGRESS_AGE = "watermill.progress.age";

	static final String CALL_AGE = "watermill.call.age";

	static final String MILL_TAG = "mill";

	static final String STREAM_TAG = "stream";

	static final String REASON_TAG = "reason";

	static final String STATE_TAG = "state";

	static final String CHANGE_TAG = "change";

	static final String ACTIVITY_TAG = "activity";

	private MeterNames() {
	}

}
