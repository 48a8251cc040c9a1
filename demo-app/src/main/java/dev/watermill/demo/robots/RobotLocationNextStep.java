package dev.watermill.demo.robots;

/**
 * Where a robot was ten seconds later: the same stream, read a second time.
 *
 * @param time when, in seconds
 * @param x to the east, in metres
 * @param y to the north, in metres
 */
record RobotLocationNextStep(long time, double x, double y) {

}
