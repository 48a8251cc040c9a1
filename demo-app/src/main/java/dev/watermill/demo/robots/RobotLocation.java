package dev.watermill.demo.robots;

/**
 * Where a robot was.
 *
 * @param time when, in seconds
 * @param x to the east, in metres
 * @param y to the north, in metres
 */
record RobotLocation(long time, double x, double y) {

}
