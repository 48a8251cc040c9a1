package com.acme.robots;

record RobotLocation(long time, double x, double y) {

}
