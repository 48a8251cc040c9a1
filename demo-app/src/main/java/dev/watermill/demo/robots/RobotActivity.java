package dev.watermill.demo.robots;

/**
 * What the robots did in a few seconds.
 *
 * @param firstTick the first reading
 * @param lastTick the last reading
 * @param readings how many there were
 * @param busiestRobot the robot that went farthest
 */
record RobotActivity(long firstTick, long lastTick, int readings, int busiestRobot) {

}
